const day = 86_400

/**
 * WeChat Pay's limits, and how it behaves where sources are silent or disagree (docs/upstream/README.md#how-sure-a-fact-is). All can
 * be set by `POST /_sandbox/pay/settings`.
 */
export const defaultRules = {
  /** How long a prepay_id or code_url is good, and an h5_url. */
  ticketSeconds: 7200,
  h5Seconds: 300,
  /** Whether the page of an h5_url refuses a visitor whose browser does not tell where it comes from. */
  h5NeedsReferer: true,
  /** An earlier time_expire is raised to the first, a later one lowered to that of the product. */
  expireLeastSeconds: 60,
  expireMostSeconds: { jsapi: 15 * day, native: 7 * day, h5: 15 * day },
  /** When WeChat closes an order without time_expire. */
  expireSeconds: 7 * day,
  /** Whether notify_url may be http at an address of this machine, which WeChat refuses. */
  loopbackNotify: false,
  /** Whether a field that no page names is PARAM_ERROR. */
  refuseUnknownFields: true,
  /** What ordering and closing answer for a paid order: INVALID_REQUEST or ORDERPAID. */
  paidCode: 'INVALID_REQUEST',

  notifyTimeoutMs: 5000,
  /** Before the second and each later attempt of a notification. */
  retrySeconds: [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600],
  /** Of so many good answers one bears a signature that must not verify; 0 is none. */
  probedAnswers: 0,

  /** How long a refund is PROCESSING. */
  refundJobMs: 300,
  refundGapSeconds: 60,
  refundsPerOrder: 50,
  refundDays: 365,
  /** Refused refunds in a second, beyond which FREQUENCY_LIMITED is answered; 0 is no limit. */
  failingRefundsPerSecond: 6,

  /** What WeChat keeps of each payment. */
  feeRate: 0.006,
  /** The hour of the next day in China from which a bill is ready, and how far back bills go. */
  billReadyHour: 10,
  billDays: 92,
  billLinkSeconds: 300,
  /** What the hash is of: `file`, also when it comes as gzip, or `download`. */
  billHashOf: 'file',
  billLineEnd: '\r\n',
  billByteOrderMark: false,
  /** Whether bills have a column that nobody knows yet, among the others. */
  billExtraColumn: false,
}

export type Rules = typeof defaultRules
