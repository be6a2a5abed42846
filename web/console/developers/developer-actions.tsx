import { DeleteOutlined, EllipsisOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../ui/address/url-state.ts'
import { useAct } from '../../ui/data/act.tsx'
import { useText } from '../../ui/text.ts'

/** What an administrator seldom does to a developer: deleting it. `list` is where there is nothing of it any more. */
export function DeveloperActions(props: { devId: string; name: string; list: string }): ReactNode {
  const t = useText('developers')
  const go = useGo()
  const { devId, name, list } = props
  const remove = useAct('/web/developers/remove', {
    done: t('removed'),
    refresh: ['/web/developers/list', '/web/deleted'],
    confirm: () => ({
      title: t('removeAsk', { name }),
      content: t('removeWhat'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const drop = async () => {
    if (await remove.run({ devId })) go(list)
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [{ key: 'remove', label: t('remove'), icon: <DeleteOutlined />, danger: true }],
        onClick: () => void drop(),
      }}
    >
      <Button aria-label={t('more')} icon={<EllipsisOutlined />} />
    </Dropdown>
  )
}
