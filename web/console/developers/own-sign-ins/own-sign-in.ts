import type { Answer } from '../../../ui/data/api.ts'

export type OwnSignIn = Answer<'/web/developers/app-sign-ins'>['list'][number]
