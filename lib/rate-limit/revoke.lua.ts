/**
 * The script that writes down what was revoked: the newest time of each part, whichever call comes last. One key, so that it
 * runs on a cluster; it ends with the last credential that could be refused by it.
 */
export const revoke = /* lua */ `
for nth = 3, #ARGV do
  local known = tonumber(redis.call('HGET', KEYS[1], ARGV[nth]) or 0)
  if tonumber(ARGV[1]) > known then redis.call('HSET', KEYS[1], ARGV[nth], ARGV[1]) end
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 1
`;
