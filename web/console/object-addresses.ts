const addressOf = (page: string) => (id: string) => `${page}/${encodeURIComponent(id)}`

export const developerAddress = addressOf('/console/apps/developers')
export const appAddress = addressOf('/console/apps')
export const accountAddress = addressOf('/console/official/accounts')
export const agentAddress = addressOf('/console/system/corps/agents')
export const corpAddress = addressOf('/console/operator')
export const messageTypeAddress = addressOf('/console/messages/types')
export const merchantAddress = addressOf('/console/payments/merchants')
export { newObject } from './moved.ts'
