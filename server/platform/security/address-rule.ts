import ipaddr from 'ipaddr.js'

/**
 * What an outgoing call may do with an address: `never` is refused always, `local` and `special` unless the configuration
 * names it, `private` as the configuration says.
 */
export type AddressRule = 'never' | 'local' | 'special' | 'private' | 'public'

/** Where clouds give metadata and credentials to anyone who asks from inside. */
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

/**
 * `address` is a valid IPv4 or IPv6 address. An IPv6 address that carries an IPv4 address falls under that address's rule too,
 * because gateways and tunnels lead there.
 */
export function addressRule(address: string): AddressRule {
  const parsed = ipaddr.process(address)
  if (metadata.has(parsed.toString())) return 'never'
  const range = parsed.range()
  const inside = parsed.kind() === 'ipv6' ? insideOf(range, parsed.toByteArray()) : []
  const rules = inside.map(octets => addressRule(octets.join('.')))
  const isOnlyCarrier = inside.length > 0 && (range === 'rfc6052' || range === 'unicast')
  if (!isOnlyCarrier) rules.push(ruleOfRange[range] ?? 'special')
  return strictest.find(rule => rules.includes(rule)) ?? 'special'
}

const isatap = new Set(['00005efe', '02005efe'])

/** The IPv4 addresses that an IPv6 address carries. */
function insideOf(range: string, bytes: number[]): number[][] {
  const last = bytes.slice(12)
  switch (range) {
    case 'rfc6052':
      // The prefix of RFC 8215 does not tell where in it the IPv4 address is: at the end, or after 48 bits with a gap.
      return bytes[5] === 1 ? [last, [...bytes.slice(6, 8), ...bytes.slice(9, 11)]] : [last]
    case 'rfc6145':
      return [last]
    case '6to4':
      return [bytes.slice(2, 6)]
    case 'teredo':
      // The tunnel's server, and its client with all bits inverted.
      return [bytes.slice(4, 8), last.map(byte => byte ^ 255)]
    case 'loopback':
    case 'unspecified':
      return []
  }
  const isCompatible = bytes.slice(0, 12).every(byte => byte === 0)
  return isCompatible || isatap.has(Buffer.from(bytes.slice(8, 12)).toString('hex')) ? [last] : []
}
