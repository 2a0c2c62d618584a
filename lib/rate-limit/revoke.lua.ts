/**
 * The script that writes down what was revoked: the newest time of each part, whichever call comes last. One key, so that it
 * runs on a cluster; it ends with the last credential that could be refused by it.
 */
export const revoke = /* lua */ `
local call, key, args = redis.call, KEYS[1], ARGV
for nth = 3, #args do
  if args[1] + 0 > (call('HGET', key, args[nth]) or 0) + 0 then call('HSET', key, args[nth], args[1]) end
end
if call('PTTL', key) < args[2] + 0 then call('PEXPIRE', key, args[2]) end
return 1
`;
