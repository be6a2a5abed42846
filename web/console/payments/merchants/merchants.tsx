import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { UrlDrawer, useOpen } from '../../../ui/address/url-drawer.tsx'
import { useGo } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { EmptyState } from '../../../ui/feedback.tsx'
import { type Column, ListTable } from '../../../ui/list-table.tsx'
import { PageTitle } from '../../../ui/page-title.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyId } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { merchantAddress, newObject } from '../../object-addresses.ts'
import './merchants.css'
import { later } from '../../../ui/fields/later.tsx'

const AddForm = later(async () => (await import('./add-form.tsx')).AddForm)

const path = '/web/payments/merchants'
type Merchant = Row<typeof path>

/** The merchants of WeChat Pay that collect a corp's bills. */
export function Page(): ReactNode {
  const t = useText('payments-merchants')
  const { open } = useOpen()
  const go = useGo()
  const show = (mchId: string) => go(merchantAddress(mchId))
  // Going back from what was just made leads to the list, not to the empty form.
  const showNew = (mchId: string) => go(merchantAddress(mchId), {}, { replace: true })
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => open(newObject)}>
      {t('add')}
    </Button>
  )
  return (
    <>
      <PageTitle title={t('title')} hint={t('hint')} actions={add} />
      <ListTable
        label={t('title')}
        path={path}
        columns={useColumns()}
        rowKey={one => one.mchId}
        onOpen={one => show(one.mchId)}
        empty={<EmptyState title={t('none')} hint={t('noneHint')} action={add} />}
      />
      <UrlDrawer title={t('add')}>{() => <AddForm added={showNew} />}</UrlDrawer>
    </>
  )
}

function useColumns(): Column<Merchant>[] {
  const t = useText('payments-merchants')
  return [
    {
      key: 'name',
      title: t('name'),
      render: one => (
        <span className="merchant-name">
          <PageLink to={merchantAddress(one.mchId)}>{one.name}</PageLink>
          {one.isDefault ? <Tag>{t('isDefault')}</Tag> : null}
        </span>
      ),
    },
    { key: 'mchId', title: t('mchId'), render: one => <CopyId value={one.mchId} /> },
    {
      key: 'appIds',
      title: 'AppID',
      wideOnly: true,
      render: one => (
        <span className="wisp-quiet" title={one.appIds.join('\n')}>
          {one.appIds[0]}
          {one.appIds.length > 1 ? ` ${t('andMore', { count: one.appIds.length })}` : ''}
        </span>
      ),
    },
    {
      key: 'keys',
      title: t('verifiedBy'),
      wideOnly: true,
      render: one => t(one.publicKeyId ? 'publicKeyMode' : 'certificateMode'),
    },
    {
      key: 'checked',
      title: t('doctor'),
      render: one => <Checked merchant={one} />,
    },
    {
      key: 'enabled',
      title: t('state'),
      render: one => (
        <State kind={one.enabled ? 'good' : 'idle'}>{t(one.enabled ? 'enabled' : 'disabled')}</State>
      ),
    },
  ]
}

/** What the last examination found, or what needs none to be known. */
function Checked({ merchant }: { merchant: Merchant }): ReactNode {
  const t = useText('payments-merchants')
  const failed = merchant.diagnosis?.checks.filter(one => one.state === 'failed').length ?? 0
  if (failed > 0) return <State kind="bad">{t('problems', { count: failed })}</State>
  if (!merchant.hasApiV3Key) return <State kind="bad">{t('noApiV3Key')}</State>
  if (!merchant.diagnosis) return <State kind="warn">{t('neverExamined')}</State>
  return <State kind="good">{t('examinedGood')}</State>
}
