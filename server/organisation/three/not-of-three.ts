import { actor as commandLine } from '../../platform/command/actor.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { Db } from '../../platform/storage/db.ts'
import { namesOfThree } from './three-store.ts'

/**
 * Whose acts a security administrator does not see: those of all that are or were among the three, themselves included, and of the
 * command line, which is theirs. Undefined for everybody else, who sees all that their point opens. `corpId` is undefined for the
 * installation.
 */
export async function hiddenActors(
  db: Db,
  { separated, ofInstallation }: Person,
  corpId: string | undefined,
): Promise<readonly string[] | undefined> {
  const role = corpId === undefined ? ofInstallation : separated?.as
  return role === 'security' ? [...(await namesOfThree(db, corpId)), commandLine] : undefined
}
