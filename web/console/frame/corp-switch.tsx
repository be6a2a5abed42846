import { lazy, type ReactNode, Suspense } from 'react'
import { useCorpName, useSession } from '../../ui/data/session.tsx'

const CorpSelect = lazy(async () => ({ default: (await import('./corp-select.tsx')).CorpSelect }))

/**
 * The corp that all pages are about. The system super administrator can choose it; for everybody else it is
 * only a name.
 */
export function CorpSwitch(): ReactNode {
  const name = useCorpName()
  const { corps, canChooseCorp } = useSession()
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
