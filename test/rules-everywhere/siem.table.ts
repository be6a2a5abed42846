import { addReceiver } from '../../server/features/siem/receivers.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for receivers of the audit log. */

type ReceiverInput = {
  name: string
  transport: 'tls' | 'tcp' | 'https'
  address: string
  format: 'text' | 'cef' | 'ocsf'
}
const good: ReceiverInput = { name: 'SIEM', transport: 'tls', address: 'siem.example:6514', format: 'text' }

function receiver(change: Partial<ReceiverInput>): Attempt[] {
  const given = { ...good, ...change }
  const { name, address, transport, format } = given
  return [
    feature(() => addReceiver(here.world.ctx, 'test', here.world.corpId, given)),
    page('/web/siem/save', async () => ({ ...given, framing: 'octets', language: 'zh', isOn: '1' })),
    command('siem', 'add', name, address, '--transport', transport, '--format', format),
  ]
}

const long = '宽'.repeat(65)

const receivers: Rule[] = [
  ['a long name', '1000', /name/, receiver({ name: long })],
  ['a control character in the name', '1000', /name/, receiver({ name: 'a\u0007b' })],
  ['an address without a port', '1000', /address/, receiver({ address: 'siem.example' })],
  ['a port that there is not', '1000', /address/, receiver({ address: 'siem.example:65536' })],
  ['an address of metadata', '1000', /169\.254\.169\.254/, receiver({ address: '169.254.169.254:514' })],
  [
    'an address without https',
    '1000',
    /https:/,
    receiver({ transport: 'https', format: 'ocsf', address: 'http://siem.example/' }),
  ],
  ['OCSF by syslog', '1000', /format/, receiver({ format: 'ocsf' })],
]

export const everywhere: [of: string, rules: Rule[]][] = [['a receiver of the audit log', receivers]]
