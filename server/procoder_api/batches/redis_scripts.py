"""What must happen in one step in the Redis of RedisBatches, as Lua scripts.

Their one key is the root of all keys. Times are milliseconds of the Redis' own clock, for the
machines that share it may disagree. An item is `open` from when it may be claimed, which for one
that is worked on is when its lease ends, and `due` from when it should be announced.
"""

_COMMON = """
local root = KEYS[1]

local function key(kind, id) return root .. kind .. ':' .. id end

local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function batch_of(id) return redis.call('HGET', key('item', id), 'batch') end

local function is_held(id, lease)
  local state, holder = unpack(redis.call('HMGET', key('item', id), 'state', 'lease'))
  return state == 'running' and holder == lease
end

local function open_at(id, time)
  redis.call('ZADD', key('open', batch_of(id)), time, id)
  redis.call('ZADD', root .. 'due', time, id)
end

local function enter(id, state)
  local batch, before = unpack(redis.call('HMGET', key('item', id), 'batch', 'state'))
  redis.call('HSET', key('item', id), 'state', state)
  redis.call('HINCRBY', key('head', batch), 'items:' .. before, -1)
  redis.call('HINCRBY', key('head', batch), 'items:' .. state, 1)
  redis.call('ZADD', root .. 'turns', redis.call('HGET', key('head', batch), 'count')
    - redis.call('HGET', key('head', batch), 'items:waiting'), batch)
end

local function settle(id, state, field, text)
  enter(id, state)
  redis.call('HSET', key('item', id), field, text)
  redis.call('ZREM', key('open', batch_of(id)), id)
  redis.call('ZREM', root .. 'due', id)
end
"""

CLAIM = f"""{_COMMON}
local wanted, lease, lasts, most, given_up = unpack(ARGV)
local time = now()

local function take(id)
  local item = key('item', id)
  if tonumber(redis.call('HGET', item, 'attempts')) >= tonumber(most) then
    settle(id, 'failed', 'error', given_up)
    return nil
  end
  redis.call('HINCRBY', item, 'attempts', 1)
  redis.call('HSET', item, 'lease', lease)
  enter(id, 'running')
  open_at(id, time + lasts)
  return id
end

if wanted ~= '' then
  local batch = batch_of(wanted)
  local from = batch and redis.call('ZSCORE', key('open', batch), wanted)
  return from and tonumber(from) <= time and take(wanted) or nil
end
for _, batch in ipairs(redis.call('ZRANGE', root .. 'turns', 0, -1)) do
  repeat
    local id = redis.call('ZRANGEBYSCORE', key('open', batch), '-inf', time, 'LIMIT', 0, 1)[1]
    if id and take(id) then return id end
  until not id
  if redis.call('EXISTS', key('open', batch)) == 0 then
    redis.call('ZREM', root .. 'turns', batch)
  end
end
"""
"""Item or none, lease, how long it lasts, attempts, error of the given up; returns the item."""

EXTEND = f"""{_COMMON}
local id, lease, lasts = unpack(ARGV)
if not is_held(id, lease) then return 0 end
open_at(id, now() + lasts)
return 1
"""

SETTLE = f"""{_COMMON}
local id, lease, state, field, text = unpack(ARGV)
if not is_held(id, lease) then return 0 end
settle(id, state, field, text)
return 1
"""

RELEASE = f"""{_COMMON}
local id, lease, after, taken_back = unpack(ARGV)
if not is_held(id, lease) then return 0 end
redis.call('HINCRBY', key('item', id), 'attempts', 0 - taken_back)
enter(id, 'waiting')
open_at(id, now() + after)
return 1
"""

ANNOUNCE = f"""{_COMMON}
local unheard, most = unpack(ARGV)
local time, announced = now(), {{}}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', root .. 'due', '-inf', time, 'LIMIT', 0, most)) do
  if redis.call('EXISTS', key('item', id)) == 1 then
    redis.call('ZADD', root .. 'due', time + unheard, id)
    table.insert(announced, id)
  else
    redis.call('ZREM', root .. 'due', id)
  end
end
return announced
"""

UNANNOUNCE = f"""{_COMMON}
local batch = batch_of(ARGV[1])
local from = batch and redis.call('ZSCORE', key('open', batch), ARGV[1])
if from then redis.call('ZADD', root .. 'due', from, ARGV[1]) end
"""

CANCEL = f"""{_COMMON}
local owner, batch = unpack(ARGV)
if redis.call('HGET', key('head', batch), 'owner') ~= owner then return 0 end
redis.call('HSET', key('head', batch), 'cancelled', 1)
for _, id in ipairs(redis.call('ZRANGE', key('open', batch), 0, -1)) do
  settle(id, 'cancelled', 'error', '')
end
return 1
"""

DELETE = f"""{_COMMON}
local owner, batch = unpack(ARGV)
local holder, first, count = unpack(
  redis.call('HMGET', key('head', batch), 'owner', 'first', 'count'))
if holder ~= owner then return 0 end
for number = first, first + count - 1 do
  local id = string.format('%016d', number)
  redis.call('DEL', key('item', id))
  redis.call('ZREM', root .. 'due', id)
end
redis.call('DEL', key('head', batch), key('files', batch), key('open', batch))
redis.call('ZREM', root .. 'turns', batch)
redis.call('ZREM', key('owner', owner), batch)
return 1
"""
