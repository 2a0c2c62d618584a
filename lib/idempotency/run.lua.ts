/**
 * The script that decides about a run: one key, so that it runs on a cluster. The lease stands in the record and is not the
 * record's own expiry: where memory runs out, Redis drops first what expires first (`deploy/redis/start.sh`).
 */
export const runScript = /* lua */ `
local verb, fingerprint, owner = ARGV[1], ARGV[2], ARGV[3]
local held = redis.call('HMGET', KEYS[1], 'fingerprint', 'owner', 'lease_until', 'done', 'answer')
if verb == 'begin' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if held[1] then
    if held[1] ~= fingerprint then return { 'taken' } end
    if held[4] then return { 'done', held[5] or '' } end
    local left = tonumber(held[3]) - now
    if left > 0 then return { 'running', left } end
  end
  redis.call('HSET', KEYS[1], 'fingerprint', fingerprint, 'owner', owner,
    'lease_until', string.format('%.0f', now + tonumber(ARGV[5])))
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return { 'begun' }
end
if held[2] == owner and not held[4] then
  if verb == 'release' then
    redis.call('DEL', KEYS[1])
  else
    redis.call('HSET', KEYS[1], 'done', '1', 'answer', ARGV[5])
    redis.call('PEXPIRE', KEYS[1], ARGV[4])
  end
end
return { 'ok' }
`;
