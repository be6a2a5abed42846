import { useSession } from '../ui/data/session.tsx'
import { setPageZone } from '../ui/values/zone.ts'
import { pageAt } from './place.ts'
import { useShownPath } from './shown-path.ts'

/** Whether the shown page is one of the operator's, which are about all corps. Their times are on no corp's clocks. */
export function useIsOfAllCorps(): boolean {
  const pathname = useShownPath()
  const { corps, corpId } = useSession()
  const isOfAll = pageAt(pathname)?.entry === 'platform'
  setPageZone(isOfAll ? undefined : corps.find(one => one.corpId === corpId)?.timeZone)
  return isOfAll
}
