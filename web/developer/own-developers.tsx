import { RightOutlined } from '@ant-design/icons'
import { Navigate } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../ui/address/page-link.tsx'
import { useRead } from '../ui/data/read.ts'
import { useCorpName, useSession } from '../ui/data/session.tsx'
import { EmptyState, ErrorState, Loading } from '../ui/feedback.tsx'
import { usePageName } from '../ui/page-name.ts'
import { PageTitle } from '../ui/page-title.tsx'
import { useText } from '../ui/text.ts'
import { State } from '../ui/values/state.tsx'

/** The developers that the person owns; who owns one alone goes straight to it. */
export function OwnDevelopers(): ReactNode {
  const t = useText('developer-owners')
  usePageName(t('title'), useCorpName())
  const read = useRead('/web/developers/own')
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const { list } = read.data
  const [only, ...others] = list
  if (!only) return <None />
  if (others.length === 0)
    return <Navigate to={'/developer/$devId' as never} params={{ devId: only.devId } as never} replace />
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} />
      <ul className="developer-cards">
        {list.map(one => (
          <li key={one.devId}>
            <PageLink to={`/developer/${one.devId}`}>
              <span className="developer-card-name">
                <strong>{one.name}</strong>
                <code className="wisp-quiet">{one.devId}</code>
              </span>
              <State kind={one.enabled ? 'good' : 'idle'}>{t(one.enabled ? 'on' : 'off')}</State>
              <RightOutlined aria-hidden />
            </PageLink>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What to do for somebody who owns none. */
function None(): ReactNode {
  const t = useText('developer-owners')
  const { isSuper } = useSession()
  return (
    <>
      <PageTitle title={t('title')} />
      <EmptyState
        title={t('none')}
        hint={t(isSuper ? 'noneAdministrator' : 'noneHint')}
        action={
          <Button type="primary" href={isSuper ? '/console/apps/developers' : '/docs'}>
            {t(isSuper ? 'toConsole' : 'docs')}
          </Button>
        }
      />
    </>
  )
}
