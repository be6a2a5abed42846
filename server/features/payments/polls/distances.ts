const seconds = 1000
const minutes = 60 * seconds

/**
 * After 5 s, 30 s, 1, 3, 5, 10 and 30 min, as WeChat Pay recommends (docs/upstream/wechat-pay-orders.md#polling): the distances
 * between them.
 */
const ofOrders = [
  5 * seconds,
  25 * seconds,
  30 * seconds,
  2 * minutes,
  2 * minutes,
  5 * minutes,
  20 * minutes,
]

/** Each minute for 5 min, then after 5, 10, 20 and 30 min (docs/upstream/wechat-pay-refunds.md#when-the-answer-is-not-200). */
const ofRefunds = [1, 1, 1, 1, 1, 5, 10, 20, 30].map(n => n * minutes)

const longest = 12 * 60 * minutes

/** In ms, after so many questions; beyond the list each is twice as long as the one before, up to half a day. */
function distance(list: readonly number[], polls: number): number {
  const listed = list[polls]
  if (listed !== undefined) return listed
  const last = list.at(-1) ?? longest
  return Math.min(last * 2 ** Math.min(polls - list.length + 1, 16), longest)
}

/** How long after its last one the next question about an order is due. */
export function orderPollMs(polls: number): number {
  return distance(ofOrders, polls)
}

export function refundPollMs(polls: number): number {
  return distance(ofRefunds, polls)
}
