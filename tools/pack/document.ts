import { join, normalize } from 'node:path'

const LINK = /\[([^\]]+)\]\(((?!https?:)[^)#]+)(?:#[^)]*)?\)/g

/**
 * A document of a package as it stands in its tarball: links that lead out of the package become words, with the place in the repository.
 * @param place of the package in the repository: `packages/connect`
 */
export function packedDocument(text: string, place: string): string {
  return text.replace(LINK, (link, words: string, target: string) => {
    const path = normalize(join(place, target))
    if (path.startsWith(`${place}/`)) return link
    return words.includes(path) ? words : `${words} (in the repository: ${path})`
  })
}
