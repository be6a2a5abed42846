import { level } from '../../ui/data/level.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'

/** Whether pages about official accounts are of use: always for whoever may bind some, else when one was given. */
export function useHasAccounts(): boolean {
  const { person } = useSession()
  const isGraded = person.roleLevel === level.graded
  const { data } = useRead('/web/official/accounts', {}, { enabled: isGraded })
  return !isGraded || (data?.total ?? 0) > 0
}
