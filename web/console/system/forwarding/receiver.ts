import type { Row } from '../../../ui/data/api.ts'

export const corpPath = '/web/siem'
export const installationPath = '/web/siem/installation'
/** Where the calls are: those about the corp, or those about the installation. */
export type SiemPath = typeof corpPath | typeof installationPath
export type Receiver = Row<SiemPath>

/** The value of `open` in the address for a new one. */
export const newReceiver = 'new'
