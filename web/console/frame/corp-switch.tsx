import { lazy, type ReactNode, Suspense } from 'react'
import { useCorpName, useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { useIsOfAllCorps } from '../of-all-corps.ts'

const CorpSelect = lazy(async () => ({ default: (await import('./corp-select.tsx')).CorpSelect }))

/**
 * The corp that all pages are about. The system super administrator can choose it; for everybody else it is
 * only a name. The operator's pages are about all corps, and stand under the name of none.
 */
export function CorpSwitch(): ReactNode {
  const t = useText('console')
  const name = useCorpName()
  const { corps, canChooseCorp } = useSession()
  const isOfAll = useIsOfAllCorps()
  if (isOfAll) return <span className="console-corp">{t('operator')}</span>
  const words = (
    <span className="console-corp" title={name}>
      {name}
    </span>
  )
  if (!canChooseCorp || corps.length < 2) return words
  return (
    <Suspense fallback={words}>
      <CorpSelect />
    </Suspense>
  )
}
