/**
 * What must happen in one step. Of all of them KEYS[1] is the lock, whose value is the token of its holder, KEYS[2] the hash
 * of alerts, and ARGV[1] our token.
 */

/** ARGV: lock's milliseconds. Takes the lock and returns the hash, or the milliseconds that another holds it yet. */
export const OPEN = `
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return redis.call('pttl', KEYS[1]) end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
return redis.call('hgetall', KEYS[2])`;

/**
 * ARGV: lock's milliseconds, hash's milliseconds, epoch that is there, next epoch (another one: in place of all that is
 * there; the client may send it twice), number of fields to delete, these, then fields and values to set. Returns 0, and does nothing, where it is not
 * ours. The lock is written first: a Redis that is full refuses a script at its first write or not at all.
 */
export const WRITE = `
local holder = redis.call('get', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
local epoch = redis.call('hget', KEYS[2], 'epoch') or ''
if epoch ~= ARGV[4] and epoch ~= ARGV[5] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
if ARGV[5] ~= ARGV[4] then
  redis.call('del', KEYS[2])
  redis.call('hset', KEYS[2], 'epoch', ARGV[5])
end
local sets = 7 + ARGV[6]
for at = sets, #ARGV, 2 do redis.call('hset', KEYS[2], ARGV[at], ARGV[at + 1]) end
for at = 7, sets - 1 do redis.call('hdel', KEYS[2], ARGV[at]) end
redis.call('pexpire', KEYS[2], ARGV[3])
return 1`;

/** KEYS[3]: where to. ARGV: its milliseconds. */
export const SET_ASIDE = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('rename', KEYS[2], KEYS[3])
redis.call('pexpire', KEYS[3], ARGV[2])
return 1`;

/** Lets the lock go, and a hash that holds nothing but its epoch. */
export const CLOSE = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('hlen', KEYS[2]) == 1 then redis.call('del', KEYS[2]) end
return redis.call('del', KEYS[1])`;
