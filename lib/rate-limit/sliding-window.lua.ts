/**
 * The script that decides in Redis. It runs on Redis 6.2 and later, Valkey, Upstash and their clusters: one key, the
 * store's own clock, and no flags of any one vendor. A string in a module, because that loads alike everywhere.
 *
 * A refused call only reads. Whatever writes sets the expiry again, a second past the moment when the last unit frees:
 * Redis counts in whole milliseconds, and a log that ends early would let too many pass.
 */
export const slidingWindow = /* lua */ `
local key = KEYS[1]
local verb = ARGV[1]
local form = ARGV[2]
local id = ARGV[3]
local cost = tonumber(ARGV[4])
local limit = tonumber(ARGV[5])
local window = tonumber(ARGV[6]) * 1000 -- microseconds, as everything below

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])

local function milliseconds(span)
  return math.ceil(span / 1000)
end

local function expire(span)
  redis.call('PEXPIRE', key, milliseconds(span) + 1000)
end

-- The log: a sorted set with a member for each unit, scored by when it was taken. Exact.
-- A unit taken at t is counted while now < t + window.
local function log()
  local members = { id }
  for unit = 2, cost do members[unit] = id .. '#' .. unit end
  if verb == 'refund' then return redis.call('ZREM', key, unpack(members)) end

  local live = string.format('(%.0f', now - window)
  local oldest = tonumber(redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2])
  local stale = oldest and oldest <= now - window
  local used = oldest and (stale and redis.call('ZCOUNT', key, live, '+inf') or redis.call('ZCARD', key)) or 0

  local function freedBy(units)
    if units == 1 and oldest and not stale then return oldest end
    return tonumber(redis.call('ZRANGEBYSCORE', key, live, '+inf', 'WITHSCORES', 'LIMIT', units - 1, 1)[2])
  end

  local missing = used + math.max(cost, 1) - limit
  local allowed = missing <= 0
  if allowed and cost > 0 then
    if stale then redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window)) end
    local units = {}
    for unit = 1, cost do
      units[unit * 2 - 1] = string.format('%.0f', now)
      units[unit * 2] = members[unit]
    end
    if redis.call('ZADD', key, 'NX', unpack(units)) > 0 then
      used = used + cost
      expire(window)
    end
  elseif cost > 0 then
    allowed = tonumber(redis.call('ZSCORE', key, id) or 0) > now - window
  end

  local next = freedBy(1)
  local awaited = not allowed and freedBy(missing)
  return {
    allowed and 1 or 0,
    math.max(0, limit - used),
    next and milliseconds(next + window - now) or 0,
    awaited and milliseconds(awaited + window - now) or 0,
  }
end

-- The buckets: a hash that counts by 32nds of the window. A unit is counted until its whole bucket has left, so there
-- are never too many in any window, and each unit frees late by at most a 32nd of it. Fields: a bucket's number ->
-- units taken; '#' and a slot -> one of the newest 64 ids, its bucket and cost; 'next' -> how many ids there ever were.
local function buckets()
  local width = math.ceil(window / 32)
  local current = math.floor(now / width)
  local first = current - 32
  local live, counts, stale, used, repeated, next = {}, {}, {}, 0, nil, 0
  local mark = id .. ' '
  local fields = redis.call('HGETALL', key)
  for at = 1, #fields, 2 do
    local field, value = fields[at], fields[at + 1]
    local bucket = tonumber(field)
    if bucket then
      local count = tonumber(value)
      if bucket < first or count == 0 then
        stale[#stale + 1] = field
      else
        live[#live + 1] = bucket
        counts[bucket] = count
        used = used + count
      end
    elseif field == 'next' then
      next = tonumber(value)
    elseif string.sub(value, 1, #mark) == mark then
      local taken, units = string.match(string.sub(value, #mark + 1), '(%d+) (%d+)')
      if tonumber(taken) >= first then repeated = { field = field, bucket = taken, units = units } end
    end
  end

  if verb == 'refund' then
    if not repeated then return 0 end
    redis.call('HDEL', key, repeated.field)
    redis.call('HINCRBY', key, repeated.bucket, '-' .. repeated.units)
    return 1
  end

  local missing = used + math.max(cost, 1) - limit
  local allowed = missing <= 0 or (cost > 0 and repeated ~= nil)
  if allowed and cost > 0 and not repeated then
    local bucket = string.format('%.0f', current)
    if #stale > 0 then redis.call('HDEL', key, unpack(stale)) end
    if not counts[current] then live[#live + 1] = current end
    counts[current] = (counts[current] or 0) + cost
    used = used + cost
    local entry = mark .. bucket .. ' ' .. cost
    redis.call('HSET', key, bucket, counts[current], '#' .. next % 64, entry, 'next', next + 1)
    expire(33 * width)
  end

  table.sort(live)
  local function freedBy(units)
    for at = 1, #live do
      units = units - counts[live[at]]
      if units <= 0 then return milliseconds((live[at] + 33) * width - now) end
    end
    return 0
  end
  return {
    allowed and 1 or 0,
    math.max(0, limit - used),
    used > 0 and freedBy(1) or 0,
    allowed and 0 or freedBy(missing),
  }
end

if form == 'log' then return log() end
return buckets()
`;
