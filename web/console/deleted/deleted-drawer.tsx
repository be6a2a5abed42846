import { Button } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'
import { Time } from '../../ui/values/time.tsx'
import './deleted.css'
import { Actor } from '../../ui/objects/actor.tsx'

type Kind = 'app' | 'developer'

const name = 'deleted'
const lists = { app: '/web/apps/', developer: '/web/developers/' } as const

/** A button of a list's page that opens what was deleted from it, and that drawer. */
export function DeletedButton(): ReactNode {
  const t = useText('deleted')
  const { open } = useOpen(name)
  return <Button onClick={() => open('1')}>{t('title')}</Button>
}

export function DeletedDrawer({ kind }: { kind: Kind }): ReactNode {
  const t = useText('deleted')
  return (
    <UrlDrawer title={t('title')} name={name}>
      {() => <DeletedList kind={kind} />}
    </UrlDrawer>
  )
}

function DeletedList({ kind }: { kind: Kind }): ReactNode {
  const t = useText('deleted')
  const { data, error, refetch } = useRead('/web/deleted')
  const restore = useAct('/web/deleted/restore', {
    done: ({ name, sameName }) =>
      sameName.length > 0 ? t('restoredSame', { name, ids: sameName.join('、') }) : t('restored', { name }),
    refresh: ['/web/deleted', lists[kind]],
  })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const list = data.list.filter(one => one.kind === kind)
  return (
    <>
      <p className="wisp-quiet deleted-lead">{t(kind === 'app' ? 'hintApp' : 'hintDeveloper')}</p>
      {list.length === 0 ? <EmptyState title={t('empty')} /> : null}
      <ul className="deleted-list">
        {list.map(one => (
          <li key={one.id}>
            <div>
              <div className="deleted-name">{one.name}</div>
              <code className="wisp-quiet">{one.id}</code>
              <div className="wisp-quiet">
                <Actor id={one.deletedBy} words={who => t('by', { who })} /> <Time at={one.deletedAt} />
              </div>
              <div className="wisp-quiet">
                {t('until')} <Time at={one.endsAt} />
              </div>
            </div>
            <Button
              loading={restore.isRunning}
              aria-label={t('restoreNamed', { name: one.name })}
              onClick={() => void restore.run({ kind, id: one.id })}
            >
              {t('restore')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  )
}
