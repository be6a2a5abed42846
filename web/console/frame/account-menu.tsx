import { UserOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useConfirm } from '../../ui/data/act.tsx'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useSession } from '../../ui/data/session.tsx'
import { type Language, useLanguage } from '../../ui/language.ts'
import { setThemeChoice, type ThemeChoice, useThemeChoice } from '../../ui/look/theme-choice.ts'
import { useNarrow } from '../../ui/look/width.ts'
import { changeLanguage, useText } from '../../ui/text.ts'

const PasswordDialog = lazy(async () => ({
  default: (await import('./password-dialog.tsx')).PasswordDialog,
}))

/** The menu of the person who is signed in: language, appearance, password and sign-out. */
export function AccountMenu(): ReactNode {
  const t = useText('console')
  const { person } = useSession()
  const isNarrow = useNarrow()
  const [isPasswordOpen, setPasswordOpen] = useState(false)
  const [wasAsked, setAsked] = useState(false)
  const menu = useAccountItems(() => {
    setAsked(true)
    setPasswordOpen(true)
  })
  return (
    <>
      <Dropdown menu={menu} trigger={['click']} placement="bottomRight">
        <Button type="text" aria-label={`${t('account')} ${person.userName}`} style={{ paddingInline: 8 }}>
          <UserOutlined className="console-person" />
          {isNarrow ? null : <span className="console-account-name">{person.userName}</span>}
        </Button>
      </Dropdown>
      {wasAsked ? (
        <Suspense>
          <PasswordDialog isOpen={isPasswordOpen} onClose={() => setPasswordOpen(false)} />
        </Suspense>
      ) : null}
    </>
  )
}

function useAccountItems(onPassword: () => void): MenuProps {
  const t = useText('console')
  const { person, isSystem } = useSession()
  const language = useLanguage()
  const theme = useThemeChoice()
  const leave = useLeave()
  const textOf = useErrorText()
  const { message } = App.useApp()
  const change = (next: Language) => changeLanguage(next).catch(error => message.error(textOf(error)))
  const mark = (isChosen: boolean) => ({
    'aria-current': isChosen,
    style: isChosen ? { fontWeight: 600 } : {},
  })
  return {
    selectedKeys: [`language-${language}`, `theme-${theme}`],
    items: [
      {
        key: 'who',
        type: 'group',
        // The system super administrator is called like the level.
        label: [...new Set([person.userName, t(`level${person.roleLevel as 0 | 1 | 2 | 3 | 4}`)])].join(
          ' · ',
        ),
      },
      { type: 'divider' },
      {
        key: 'language',
        type: 'group',
        label: t('language'),
        children: [
          { key: 'language-zh', label: <span lang="zh-CN">中文</span>, ...mark(language === 'zh') },
          { key: 'language-en', label: <span lang="en">English</span>, ...mark(language === 'en') },
        ],
      },
      {
        key: 'theme',
        type: 'group',
        label: t('theme'),
        children: [
          { key: 'theme-system', label: t('systemTheme') },
          { key: 'theme-light', label: t('light') },
          { key: 'theme-dark', label: t('dark') },
        ],
      },
      { type: 'divider' },
      { key: 'portal', label: <a href="/portal">{t('portal')}</a> },
      ...(isSystem ? [{ key: 'password', label: t('changePassword') }] : []),
      { key: 'out', label: t('signOut') },
      { key: 'everywhere', label: t('signOutEverywhere') },
    ],
    onClick: ({ key }) => {
      if (key.startsWith('language-')) void change(key.slice(9) as Language)
      if (key.startsWith('theme-')) setThemeChoice(key.slice(6) as ThemeChoice)
      if (key === 'password') onPassword()
      if (key === 'out') void leave(false)
      if (key === 'everywhere') void leave(true)
    },
  }
}

function useLeave(): (everywhere: boolean) => Promise<void> {
  const t = useText('console')
  const { signOut } = useSession()
  const { message } = App.useApp()
  const textOf = useErrorText()
  const confirm = useConfirm()
  return async everywhere => {
    const question = { title: t('signOutEverywhere'), content: t('signOutEverywhereHint'), danger: true }
    if (everywhere && !(await confirm(question))) return
    await signOut(everywhere).catch(error => message.error(textOf(error)))
  }
}
