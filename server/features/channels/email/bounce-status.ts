/**
 * Whether mail to the address is in vain for good: there is no such mailbox (5.1.x) or it is disabled (5.2.1). 5.1.7 and 5.1.8 are about the
 * sender's address, 5.7.x about what the receiver's side allows the corp (docs/upstream/mail-programs.md#bounces).
 */
export function isForGood(status: string): boolean {
  return /^5\.(1\.\d+|2\.1)$/.test(status) && !/^5\.1\.[78]$/.test(status)
}
