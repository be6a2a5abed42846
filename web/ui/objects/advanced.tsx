import { DownOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../text.ts'

/** What a page offers and few need: a menu among the buttons beside its name. */
export function Advanced(props: {
  items: readonly { key: string; label: string; open(): void }[]
}): ReactNode {
  const t = useText('common')
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: props.items.map(({ key, label }) => ({ key, label })),
        onClick: ({ key }) => props.items.find(one => one.key === key)?.open(),
      }}
    >
      <Button>
        {t('advanced')} <DownOutlined aria-hidden />
      </Button>
    </Dropdown>
  )
}
