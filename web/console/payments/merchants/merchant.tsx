import { Tag } from 'antd'
import type { ReactNode } from 'react'
import { usePathPart } from '../../../ui/address/url-state.ts'
import { useRead } from '../../../ui/data/read.ts'
import { later } from '../../../ui/fields/later.tsx'
import { ObjectPage } from '../../../ui/objects/object-page.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { merchantAddress } from '../../object-addresses.ts'
import type { TabOf } from '../../object-tabs.ts'
import { Connect } from './connect.tsx'

const MerchantSettings = later(async () => (await import('./settings.tsx')).MerchantSettings)

export function Page(): ReactNode {
  const mchId = usePathPart('id')
  return <OneMerchant key={mchId} mchId={mchId} />
}

/** One merchant: what is entered at WeChat Pay and whether it works, and its settings. */
function OneMerchant({ mchId }: { mchId: string }): ReactNode {
  const t = useText('payments-merchants')
  const console = useText('console')
  const read = useRead('/web/payments/merchants/merchant', { mchId })
  return (
    <ObjectPage
      address={merchantAddress(mchId)}
      kind={console('payMerchant')}
      list={{ to: '/console/payments/merchants', title: t('title') }}
      read={read}
      show={merchant => ({
        name: merchant.name,
        id: mchId,
        state: (
          <State kind={merchant.enabled ? 'good' : 'idle'}>
            {t(merchant.enabled ? 'enabled' : 'disabled')}
          </State>
        ),
        facts: merchant.isDefault ? <Tag>{t('isDefault')}</Tag> : null,
        tabs: [
          { key: 'connect', title: t('tabConnect'), children: <Connect merchant={merchant} /> },
          {
            key: 'settings',
            title: t('tabSettings'),
            children: <MerchantSettings merchant={merchant} reread={() => read.refetch()} />,
          },
        ] satisfies TabOf<'payMerchant'>[],
      })}
    />
  )
}
