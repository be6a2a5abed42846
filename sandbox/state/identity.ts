import { createHash } from 'node:crypto'
import type { CorpState } from './state.ts'

/** A self-built application. Its secret sees only what is in `visible` (docs/upstream/wecom-directory.md#agents). */
export interface Agent {
  agentId: number
  name: string
  secret: string
  description: string
  disabled: boolean
  /** Host, with a port if there is one, to which people return after signing in; empty allows any. */
  trustedDomain: string
  /** Department ids, slots of members and tag ids. */
  visible: { departments: number[]; users: number[]; tags: number[] }
}

export interface Identity {
  corpId: string
  contactSecret: string
}

const digest = (seed: number, what: string): Buffer =>
  createHash('sha512').update(`sandbox ${seed} ${what}`).digest()
const secret = (seed: number, what: string): string =>
  digest(seed, what).toString('base64').replaceAll(/[+/=]/g, '').slice(0, 43)

/** The made-up credentials of the corp. They depend on the seed of the first start and survive a reset. */
export function identityOf(seed: number): Identity {
  return {
    corpId: `ww${digest(seed, 'corp').toString('hex').slice(0, 16)}`,
    contactSecret: secret(seed, 'contact'),
  }
}

/** The agents of every sample corp. */
export const agentIds = [1000002, 1000003, 1000004] as const

/**
 * The agents: 工作台 sees everything, 分公司应用 one department below the root, 试点应用 several unconnected parts: two
 * deep departments, a member and a tag.
 */
export function agentsOf(seed: number, state: CorpState): Agent[] {
  const below = [...state.childrenOf(1)]
  const branch = below.find(id => state.childrenOf(id).size > 0) ?? below[0] ?? 1
  const deep = [...state.departments.values()].filter(
    item => item.parentid > 1 && state.childrenOf(item.id).size === 0,
  )
  const pilot = [deep[0], deep[Math.floor(deep.length / 2)], deep.at(-1)].flatMap(item =>
    item ? [item.id] : [],
  )
  const agent = (agentId: number, name: string, description: string, visible: Agent['visible']): Agent => ({
    agentId,
    name,
    secret: secret(seed, `agent ${agentId}`),
    description,
    disabled: false,
    trustedDomain: '',
    visible,
  })
  return [
    agent(1000002, '工作台', '全员可见的应用', { departments: [1], users: [], tags: [] }),
    agent(1000003, '分公司应用', '只对一个部门可见的应用', { departments: [branch], users: [], tags: [] }),
    agent(1000004, '试点应用', '只对少数部门、成员和标签可见的应用', {
      departments: [...new Set(pilot.slice(0, 2))],
      users: state.userids.length > 0 ? [0] : [],
      tags: state.tags.has(2) ? [2] : [],
    }),
  ]
}
