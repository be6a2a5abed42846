import { Alert, Button } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import type { Account } from '../use-account.tsx'

/** What was set up on WeChat's own site, to be taken over. */
export function ImportDrawer({ account }: { account: Account }): ReactNode {
  const t = useText('official-replies')
  return (
    <UrlDrawer name="import" title={t('importTitle')}>
      {() => <Found account={account} />}
    </UrlDrawer>
  )
}

function Found({ account }: { account: Account }): ReactNode {
  const t = useText('official-replies')
  const { close } = useOpen('import')
  const { originalId } = account
  const read = useRead('/web/official/replies/import', { originalId })
  const act = useAct('/web/official/replies/import/apply', {
    done: ({ added }) => t('imported', { n: added }),
    refresh: ['/web/official/replies'],
  })
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const { list } = read.data
  if (list.length === 0) return <EmptyState title={t('importEmpty')} />
  const n = list.filter(one => one.why === '').length
  const apply = async () => {
    if (await act.run({ originalId })) close()
  }
  return (
    <>
      <Alert type="info" showIcon title={t('importHint')} style={{ marginBottom: 16 }} />
      <ul className="replies-list">
        {list.map(one => (
          <li key={`${one.name} ${one.words.join()}`} className="replies-card">
            <div className="replies-card-head">
              <strong>{one.name}</strong>
              <State kind={one.why ? 'idle' : 'good'}>{t(one.why ? 'notTaken' : 'taken')}</State>
            </div>
            <div className="wisp-quiet">
              {one.kind ? t(`kind:${one.kind as 'menu'}`) : ''}
              {one.words.length > 0 ? `：${one.words.join('、')}` : ''}
            </div>
            {one.why ? <div>{one.why}</div> : null}
            {one.notes.map(note => (
              <div key={note}>{note}</div>
            ))}
          </li>
        ))}
      </ul>
      <DrawerActions>
        <Button type="primary" disabled={n === 0} loading={act.isRunning} onClick={() => void apply()}>
          {t('importAct', { n })}
        </Button>
      </DrawerActions>
    </>
  )
}
