import type { ReactNode } from 'react'
import { useGo } from '../../../ui/address/url-state.ts'
import { RemoveThing } from '../../../ui/connected/remove-thing.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { formatNumber } from '../../../ui/values/format.ts'
import type { AccountDetail } from './connect.tsx'
import './accounts.css'

/** Unbinding deletes all that was kept of the account, so what that is gets told. */
export function Unbind({ account }: { account: AccountDetail }): ReactNode {
  const t = useText('official')
  const go = useGo()
  const { originalId, name } = account
  const act = useAct('/web/official/account/remove', {
    done: t('unbound'),
    refresh: ['/web/official/accounts'],
  })
  const remove = async (confirm: string) => {
    if (await act.run({ originalId, confirm })) go('/console/official')
  }
  return (
    <RemoveThing
      act={t('unbind')}
      title={t('unbindTitle', { name })}
      hint={t('unbindHint')}
      id={originalId}
      idName={t('originalId')}
      isRunning={act.isRunning}
      remove={remove}
    >
      <WhatGoes originalId={originalId} />
    </RemoveThing>
  )
}

function WhatGoes({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official')
  const read = useRead('/web/official/account/removal', { originalId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={60} />
  const { goes } = read.data
  if (goes.length === 0) return <p>{t('goesNothing')}</p>
  return (
    <>
      <p>{t('goes')}</p>
      <ul className="official-goes">
        {goes.map(one => (
          <li key={one.name}>
            {one.name} {formatNumber(one.count)}
          </li>
        ))}
      </ul>
    </>
  )
}
