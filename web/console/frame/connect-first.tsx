import { Card } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../ui/address/page-link.tsx'
import { EmptyState } from '../../ui/feedback.tsx'
import { useText } from '../../ui/text.ts'

/**
 * Shown instead of most pages while no corp is connected: they have nothing to show, and this says what to do
 * first.
 */
export function ConnectFirst(): ReactNode {
  const t = useText('console')
  return (
    <Card>
      <EmptyState
        title={t('connectFirst')}
        hint={t('connectFirstHint')}
        action={
          <PageLink to="/console/system/corps" className="ant-btn ant-btn-primary">
            {t('connect')}
          </PageLink>
        }
      />
    </Card>
  )
}
