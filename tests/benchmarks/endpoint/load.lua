-- For wrk: asks the targets of a file in turn, each "NONCE" in them replaced by a number that no request before had.
-- Arguments: the file, the first number, the media type, and how a client goes on after an answer: at once where nothing is said; "pace"
-- makes it pause a little; for an attack, "retry" (at once) or "wait" (as Retry-After says), its answers being counted by status.
local PAUSE = 5 -- milliseconds
local targets, number, manner = {}, 0, nil
local threads, delays = {}, {}
statuses = {} -- global: `done` reads it from the thread

function setup(thread) table.insert(threads, thread) end

function init(args)
  for line in io.lines(args[1]) do table.insert(targets, line) end
  number = tonumber(args[2])
  wrk.headers["Accept"] = args[3]
  manner = args[4]
  if manner == "pace" or not manner then response = nil end -- wrk spares the work
  if not manner then delay = nil end
end

function request()
  number = number + 1
  local target = targets[number % #targets + 1]:gsub("NONCE", number)
  return wrk.format("GET", target)
end

function response(status, headers, body)
  local name = tostring(status)
  if status == 200 and body:sub(-1) ~= "}" then name = "200 (cut)" end -- JSON that does not get to its end
  statuses[name] = (statuses[name] or 0) + 1
  local seconds = manner == "wait" and status >= 400 and tonumber(headers["Retry-After"] or headers["retry-after"]) or 0
  table.insert(delays, seconds * 1000)
end

function delay()
  if manner == "pace" then return PAUSE end
  return table.remove(delays, 1) or 0
end

function done(summary, latency)
  local errors = summary.errors
  local counts = {}
  for status, times in pairs(threads[1]:get("statuses")) do table.insert(counts, ('"%s":%d'):format(status, times)) end
  io.write(('\n{"seconds":%f,"requests":%d,"refused":%d,"broken":%d,"p50":%f,"p99":%f,"worst":%f,"statuses":{%s}}\n'):format(
    summary.duration / 1e6, summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000, table.concat(counts, ",")))
end
