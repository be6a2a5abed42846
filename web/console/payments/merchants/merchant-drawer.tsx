import { Tabs } from 'antd'
import type { ReactNode } from 'react'
import { UrlDrawer } from '../../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Connect } from './connect.tsx'
import { MerchantSettings } from './settings.tsx'

/** One merchant: what is entered at WeChat Pay and whether it works, and its settings. */
export function MerchantDrawer(props: { merchants: readonly Row<'/web/payments/merchants'>[] }): ReactNode {
  const t = useText('payments-merchants')
  const [values, set] = useUrlState()
  return (
    <UrlDrawer
      title={props.merchants.find(one => one.mchId === values['open'])?.name ?? t('title')}
      width={760}
      onClose={() => set({ tab: undefined })}
    >
      {mchId => <OneMerchant key={mchId} mchId={mchId} />}
    </UrlDrawer>
  )
}

function OneMerchant({ mchId }: { mchId: string }): ReactNode {
  const t = useText('payments-merchants')
  const [values, set] = useUrlState()
  const read = useRead('/web/payments/merchants/merchant', { mchId })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  return (
    <Tabs
      activeKey={values['tab'] || 'connect'}
      destroyOnHidden
      onChange={tab => set({ tab: tab === 'connect' ? undefined : tab })}
      items={[
        { key: 'connect', label: t('tabConnect'), children: <Connect merchant={read.data} /> },
        { key: 'settings', label: t('tabSettings'), children: <MerchantSettings merchant={read.data} /> },
      ]}
    />
  )
}
