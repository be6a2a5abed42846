import type { Content } from '../replies/content.ts'

/**
 * What is answered to a push, as it is stored with it: the passive reply as plain XML, and what the agent says besides by messages of
 * its own. `by` names the rule or flow that answered.
 */
export type AgentAnswer = { xml?: string; by?: string; later?: Content[] }
