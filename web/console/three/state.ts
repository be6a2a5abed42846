import type { Answer } from '../../ui/data/api.ts'

export type State = Answer<'/web/three'>
/** Of the corp, or of the installation. */
export type Place = { isInstallation: boolean }
