import { MenuOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../ui/text.ts'
import { Brand } from './brand.tsx'
import { Navigation } from './navigation.tsx'

/** On a phone the navigation is in a drawer, which this button opens. */
export function NavigationDrawer(): ReactNode {
  const t = useText('console')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        type="text"
        icon={<MenuOutlined />}
        aria-label={t('openNavigation')}
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
      />
      <Drawer
        open={isOpen}
        placement="left"
        size={264}
        title={<Brand />}
        styles={{ body: { padding: 8 } }}
        onClose={() => setOpen(false)}
      >
        <Navigation onGo={() => setOpen(false)} />
      </Drawer>
    </>
  )
}
