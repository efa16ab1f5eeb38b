-- For wrk: gives each request a query that nobody sent before, by a number in a comment.
local number = os.time() % 100000 * 1000000  -- each run begins where none was before

function request()
    number = number + 1
    return wrk.format(nil, wrk.path .. "%0A%23" .. string.format("%d", number))
end
