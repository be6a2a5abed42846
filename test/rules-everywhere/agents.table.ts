import { setForward } from '../../server/features/agents/forward/set-forward.ts'
import { type Attempt, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for where pushes to an agent are passed on. */

const right = { url: 'https://oa.example.com/wecom', token: 'formerToken', encodingAesKey: 'a'.repeat(43) }

function forward(change: Partial<typeof right>): Attempt[] {
  const given = { ...right, ...change }
  const agentId = () => here.agentId
  const version = async () =>
    (await here.system.get('/web/agents/callback', { agentId: agentId() })).body.callback.version
  return [
    feature(() =>
      setForward(here.world.ctx, 'test', { corpId: here.world.corpId, agentId: agentId() }, given),
    ),
    page('/web/agents/forward/save', async () => ({
      agentId: agentId(),
      version: await version(),
      ...given,
    })),
    management('agent/forward/set', () => ({ agentId: agentId(), ...given })),
    command('agent', 'callback', 'forward', () => String(agentId()), ...typed(given)),
  ]
}

const typed = ({ url, token, encodingAesKey }: typeof right) => [
  '--url',
  url,
  '--token',
  token,
  '--key',
  encodingAesKey,
]

export const everywhere: [string, Rule[]][] = [
  [
    'passing on',
    [
      ['an inner address', '1000', /url/, forward({ url: 'http://169.254.169.254/latest' })],
      [
        'an address of wisp itself',
        ...(['1000', /wisp 自己的回调地址/] as const),
        forward({ url: 'https://wisp.example.com/api/callback/agent/x' }),
      ],
      ['an address that is no page', '1000', /http/, forward({ url: 'ftp://oa.example.com/' })],
      ['a token that cannot be', '1000', /Token/, forward({ token: 'has space' })],
      ['a key that is too short', '1000', /EncodingAESKey/, forward({ encodingAesKey: 'short' })],
    ],
  ],
]
