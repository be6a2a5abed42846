import { type ThemeConfig, theme } from 'antd'

const fontFamily =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif'

/** White text on a button needs a deeper blue than blue text on a dark background. */
const darkButton = {
  colorPrimary: '#2f63d6',
  colorPrimaryHover: '#2a5ac4',
  colorPrimaryActive: '#244fae',
  defaultHoverColor: '#9dbcff',
  defaultHoverBorderColor: '#6f9bff',
  defaultActiveColor: '#9dbcff',
  defaultActiveBorderColor: '#6f9bff',
}

/** The tokens for Ant Design, of which the build makes its sheet (web/build/antd). Green is WeChat's colour and is used for WeChat and for success only. */
export function themeOf(isDark: boolean): ThemeConfig {
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: isDark ? '#5b8ff9' : '#2468f2',
      // Hovering makes the colour darker instead of paler, to keep enough contrast both for white text on it
      // and for it on white.
      ...(isDark ? {} : { colorPrimaryHover: '#1f5be0', colorErrorHover: '#b8242d' }),
      colorInfo: isDark ? '#5b8ff9' : '#2468f2',
      colorLink: isDark ? '#7aa5ff' : '#1f5be0',
      colorSuccess: '#07c160',
      colorWarning: '#fa8c16',
      colorError: isDark ? '#ff6b6b' : '#cf2d36',
      colorBgLayout: isDark ? '#101216' : '#f5f7fa',
      colorBgContainer: isDark ? '#181b21' : '#ffffff',
      colorTextSecondary: isDark ? '#a3a9b5' : '#5f6672',
      colorTextTertiary: isDark ? '#a3a9b5' : '#5f6672',
      colorTextDescription: isDark ? '#a3a9b5' : '#5f6672',
      colorTextPlaceholder: isDark ? '#8e95a2' : '#6b7280',
      ...(isDark ? { colorBgElevated: '#1f232b' } : {}),
      fontFamily,
      fontSize: 14,
      borderRadius: 6,
      controlHeight: 32,
    },
    components: {
      ...(isDark ? { Button: darkButton } : {}),
      Layout: { headerBg: isDark ? '#181b21' : '#ffffff', siderBg: isDark ? '#181b21' : '#ffffff' },
      Menu: {
        itemSelectedColor: isDark ? '#a8c4ff' : '#1a4fc4',
        subMenuItemSelectedColor: isDark ? '#a8c4ff' : '#1a4fc4',
        itemBg: 'transparent',
        itemHeight: 34,
        itemMarginBlock: 2,
        subMenuItemBg: 'transparent',
      },
      Table: { headerBg: isDark ? '#1f232b' : '#fafbfc' },
    },
  }
}
