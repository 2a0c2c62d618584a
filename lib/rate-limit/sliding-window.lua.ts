/**
 * The script that decides in Redis: a log of what each key took, in one string. It runs on Redis 6.2 and later, Valkey,
 * Upstash and their clusters: plain Lua with no library, the store's own clock, and no flags of any one vendor. A string in
 * a module, because that loads alike everywhere.
 *
 * KEYS: of revocations, then of the checks. ARGV: how many revocations, and of each `asOf`, how many parts, the parts; then
 * for all checks of one shape the limit, the window and the life of a key in milliseconds, how many checks, and of each its
 * id, with the cost behind it where that is not 1, or `r` where it is to be given back. It answers numbers: 1 for a
 * credential that still counts, else 0; and of each check what is left, when the next unit frees and when this check would
 * pass, 0 where it did (milliseconds).
 *
 * A refused call only reads. What a check costs Redis is how much it reads (Lua's garbage) and how often it calls: so an
 * entry is short, and is appended. Now and then the string is written anew, without what has left: when a key would
 * otherwise end before its newest unit (a second is spare, for Redis counts in whole milliseconds), or is full.
 */
export const slidingWindow = /* lua */ `
local call, sub, find, byte, char = redis.call, string.sub, string.find, string.byte, string.char
local ceil, floor = math.ceil, math.floor
local keys, args, answers = KEYS, ARGV, {}
local nth, told, at = 0, 0, 2

for _ = 1, args[1] + 0 do
  nth = nth + 1
  told = told + 1
  local after = at + 2 + args[at + 1]
  answers[told] = 1
  for _, time in ipairs(call('HMGET', keys[nth], unpack(args, at + 2, after - 1))) do
    if time and time + 0 >= args[at] + 0 then answers[told] = 0 end
  end
  at = after
end

-- A string: when the key ends (8 bytes), how many units had left it already (5), and entries of 20, oldest first: the id (7),
-- when (8), and how many units there ever were, with this one's (5). Numbers are of base 128, times in microseconds, and
-- units modulo 128^5. A unit taken at t is counted while now < t + window.
local head, size, most, remembered, modulus = 13, 20, 128, 64, 34359738368

local function toTime(number)
  local h = number % 128 number = (number - h) / 128
  local g = number % 128 number = (number - g) / 128
  local f = number % 128 number = (number - f) / 128
  local e = number % 128 number = (number - e) / 128
  local d = number % 128 number = (number - d) / 128
  local c = number % 128 number = (number - c) / 128
  local b = number % 128
  return char((number - b) / 128, b, c, d, e, f, g, h)
end

local function toUnits(number)
  local e = number % 128 number = (number - e) / 128
  local d = number % 128 number = (number - d) / 128
  local c = number % 128 number = (number - c) / 128
  local b = number % 128
  return char((number - b) / 128 % 128, b, c, d, e)
end

local function timeAt(log, at)
  local a, b, c, d, e, f, g, h = byte(log, at, at + 7)
  return ((((((a * 128 + b) * 128 + c) * 128 + d) * 128 + e) * 128 + f) * 128 + g) * 128 + h
end

local function unitsAt(log, at)
  local a, b, c, d, e = byte(log, at, at + 4)
  return (((a * 128 + b) * 128 + c) * 128 + d) * 128 + e
end

local clock = call('TIME')
local now = clock[1] * 1000000 + clock[2]
local time = toTime(now)

-- Where the first entry begins that is still counted, the oldest having left: past the end where none is.
local function findLive(log, window)
  local low, high = 1, (#log - head) / size
  while low < high do
    local middle = floor((low + high) / 2)
    if timeAt(log, head + middle * size + 8) + window > now then high = middle else low = middle + 1 end
  end
  return head + low * size + 1
end

local function findId(log, id, first)
  local at = find(log, id, first, true)
  while at and (at - head - 1) % size > 0 do at = find(log, id, at + 1, true) end
  return at
end

-- What a full log is written anew as: of all but the newest entries the last of each 32nd of the window, so that a unit is
-- counted until the newest beside it leaves. Whose it was is forgotten there.
local function merge(log, first, window)
  local parts, count, stop = { sub(log, first - 5, first - 1) }, 1, #log - remembered * size
  local width = window / 32
  local slice = floor(timeAt(log, first + 7) / width)
  for at = first, stop, size do
    local following = floor(timeAt(log, at + size + 7) / width)
    if following ~= slice or at + size > stop then
      count = count + 1
      parts[count] = '.......' .. sub(log, at + 7, at + size - 1)
      slice = following
    end
  end
  parts[count + 1] = sub(log, stop + 1)
  return table.concat(parts)
end

local function giveBack(key, log, at)
  local units = unitsAt(log, at + 15) - unitsAt(log, at - 5)
  local parts = { sub(log, 1, at - 1) }
  for at = at + size, #log, size do
    parts[#parts + 1] = sub(log, at, at + 14) .. toUnits(unitsAt(log, at + 15) - units)
  end
  if #log == head + size then call('DEL', key)
  else call('SET', key, table.concat(parts), 'KEEPTTL') end
end

while args[at] do
  local limit, window, life = args[at] + 0, args[at + 1] * 1000, args[at + 2]
  local last = at + 3 + args[at + 3]
  for at = at + 4, last do
    nth = nth + 1
    local key, id, cost, returned = keys[nth], args[at], 1, false
    if #id > 7 then
      cost = tonumber(sub(id, 8))
      returned = not cost
      id = sub(id, 1, 7)
    end

    local log = call('GET', key)
    local first, before, used, oldest, known = head + 1, 0, 0, now, false
    if log then
      oldest = timeAt(log, head + 8)
      if oldest + window <= now then
        first = findLive(log, window)
        oldest = first < #log and timeAt(log, first + 7) or now
      end
      before = unitsAt(log, first - 5)
      used = (unitsAt(log, #log - 4) - before) % modulus
      known = cost ~= 0 and findId(log, id, first)
    end

    local awaited
    if returned then
      if known then giveBack(key, log, known) end
    elseif not known then
      local missing = used + (cost == 0 and 1 or cost) - limit
      if missing > 0 then
        awaited = oldest
        if missing > 1 then
          local at = first
          while (unitsAt(log, at + 15) - before) % modulus < missing do at = at + size end
          awaited = timeAt(log, at + 7)
        end
      elseif cost > 0 then
        used = used + cost
        local entry = id .. time .. toUnits(before + used)
        if not log then
          call('SET', key, toTime(now + life * 1000) .. '\\0\\0\\0\\0\\0' .. entry, 'PX', life)
        elseif #log < head + most * size and timeAt(log, 1) >= now + window + 1000000 then
          call('APPEND', key, entry)
        else
          local kept = #log - first < (most - 1) * size and sub(log, first - 5) or merge(log, first, window)
          call('SET', key, toTime(now + life * 1000) .. kept .. entry, 'PX', life)
        end
      end
    end
    answers[told + 1] = math.max(0, limit - used)
    answers[told + 2] = used > 0 and ceil((oldest + window - now) / 1000) or 0
    answers[told + 3] = awaited and ceil((awaited + window - now) / 1000) or 0
    told = told + 3
  end
  at = last + 1
end
return answers
`;
