/** Its manifest's name, by which a corp has it on. */
export const compatFeature = 'compat-wecom'

/** What stands in for WeCom's host. */
export const compatBase = '/compat/wecom'

/** WeCom's own paths follow. */
export const compatPrefix = `${compatBase}/`
