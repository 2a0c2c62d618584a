-- For wrk: each request has the next bearer token of a file, one a line. They are made before the load begins.
local requests, nth = {}, 0

function init(args)
  for token in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", nil, { ["Authorization"] = "Bearer " .. token })
  end
end

function request()
  nth = nth % #requests + 1
  return requests[nth]
end
