import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import type { Locale } from 'antd/es/locale'
import zhCN from 'antd/es/locale/zh_CN'
import { type ReactNode, StrictMode, useEffect, useState } from 'react'
import { createQueryClient } from '../data/query-client.ts'
import { EmptyState } from '../feedback.tsx'
import { useLanguage } from '../language.ts'
import { giveStylesNonce, styleNonce } from '../look/style-nonce.ts'
import { useText } from '../text.ts'

giveStylesNonce()

/** The library's styles are a sheet (antd.css), and not written by scripts. */
const written = { zeroRuntime: true, hashed: false }

/** In an open list of choices there is no place for a drawing. */
function NothingToChoose(): ReactNode {
  const t = useText('common')
  return <div style={{ padding: '8px 4px', color: 'var(--wisp-quiet)' }}>{t('empty')}</div>
}

/** Provides theme, language, messages and the query client to a page that uses Ant Design. */
export function AntdFrame(props: { children: ReactNode }): ReactNode {
  const [client] = useState(createQueryClient)
  const locale = useLocale()
  return (
    <StrictMode>
      <QueryClientProvider client={client}>
        <ConfigProvider
          csp={{ nonce: styleNonce() }}
          locale={locale}
          theme={written}
          button={{ autoInsertSpace: false }}
          renderEmpty={component => (component === 'Table' ? <EmptyState /> : <NothingToChoose />)}
        >
          <App>{props.children}</App>
        </ConfigProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}

/** The library's own words. The Chinese ones are there at once, the others are loaded for those who read them. */
function useLocale(): Locale {
  const language = useLanguage()
  const [english, setEnglish] = useState<Locale>()
  useEffect(() => {
    // Without them its few words stay Chinese.
    if (language === 'en') import('antd/es/locale/en_GB').then(one => setEnglish(one.default), console.error)
  }, [language])
  return language === 'en' && english ? english : zhCN
}
