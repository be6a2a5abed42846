import type { Plugin } from 'vite'

/** Libraries whose index names hundreds of files, and where each of these stands. */
const libraries: Record<string, (name: string) => string> = {
  antd: name => `antd/es/${name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase()}`,
  '@ant-design/icons': name => `@ant-design/icons/es/icons/${name}`,
}

/** Imports each part of such a library from its own file, so that the graph of modules says what a page really needs. */
export function directImports(): Plugin {
  return {
    name: 'wisp-direct-imports',
    enforce: 'pre',
    apply: 'build',
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || id.includes('node_modules')) return undefined
      return { code: code.replace(/import \{([^}]*)\} from '(antd|@ant-design\/icons)'/g, direct), map: null }
    },
  }
}

function direct(_whole: string, list: string, library: string): string {
  const parts = list
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== '' && !one.startsWith('type '))
  const lines = parts.map(part => {
    const [name = '', local = name] = part.split(' as ')
    return `import ${local} from '${libraries[library]?.(name)}'`
  })
  return lines.join('; ')
}
