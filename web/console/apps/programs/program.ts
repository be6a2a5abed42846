import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'

export type Program = Answer<'/web/apps/programs'>['list'][number]

/** The programs that wisp knows; none until they are read. */
export function usePrograms(): readonly Program[] {
  return useRead('/web/apps/programs').data?.list ?? []
}

export const protocolNames = { oidc: 'OpenID Connect', cas: 'CAS' } as const
