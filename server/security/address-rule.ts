import ipaddr from 'ipaddr.js'

/**
 * What an outgoing call may do with an address: `never` is refused always, `local` and `special` unless the configuration
 * names it, `private` as the configuration says.
 */
export type AddressRule = 'never' | 'local' | 'special' | 'private' | 'public'

/** Where clouds answer metadata and credentials to whoever asks from inside. */
const metadata = new Set(['168.63.129.16', '192.0.0.192', '100.100.100.200', 'fd00:ec2::254'])

const ruleOfRange: Record<string, AddressRule> = {
  linkLocal: 'never',
  multicast: 'never',
  broadcast: 'never',
  loopback: 'local',
  unspecified: 'local',
  private: 'private',
  carrierGradeNat: 'private',
  uniqueLocal: 'private',
  unicast: 'public',
}

const strictest: readonly AddressRule[] = ['never', 'local', 'special', 'private', 'public']

/** `address` is a valid IPv4 or IPv6 address. Behind NAT64 (RFC 6052), what counts is the IPv4 address inside. */
export function addressRule(address: string): AddressRule {
  const parsed = ipaddr.process(address)
  if (metadata.has(parsed.toString())) return 'never'
  const range = parsed.range()
  if (range !== 'rfc6052') return ruleOfRange[range] ?? 'special'
  const inside = insideNat64(parsed.toByteArray()).map(addressRule)
  return strictest.find(rule => inside.includes(rule)) ?? 'special'
}

/**
 * The prefix of RFC 8215 does not tell where in it the IPv4 address is: at the end, or after 48 bits with a gap. Both
 * readings are judged.
 */
function insideNat64(bytes: number[]): string[] {
  const isLocalUse = bytes[5] === 1
  const readings = [bytes.slice(12)]
  if (isLocalUse) readings.push([...bytes.slice(6, 8), ...bytes.slice(9, 11)])
  return readings.map(octets => octets.join('.'))
}
