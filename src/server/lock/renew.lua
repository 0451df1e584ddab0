-- KEYS: the lock. ARGV: its owner, and the milliseconds that it is to last from now on.
-- Returns 1 if it is the owner's: also where Redis has lost it, and nobody has taken it since.
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] then
    return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
