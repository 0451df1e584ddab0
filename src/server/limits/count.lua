-- The generic cell rate algorithm, by Redis' clock, for many buckets at once.
-- KEYS: a bucket each, which holds the microsecond at which it is full again.
-- ARGV: for each bucket its size, which is a minute's worth, and the number of tokens that were taken.
-- Returns for each the microseconds until it is full. It may owe as much as it holds.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local minute = 60000000
local ahead = {}
for place, key in ipairs(KEYS) do
    local most, taken = tonumber(ARGV[2 * place - 1]), tonumber(ARGV[2 * place])
    local full = math.max(tonumber(redis.call('GET', key) or 0), now)
    full = math.min(full + taken * minute / most, now + 2 * minute)
    redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1000)
    ahead[place] = full - now
end
return ahead
