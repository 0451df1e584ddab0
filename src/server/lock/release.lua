-- KEYS: the lock. ARGV: its owner; nobody else releases it.
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
