import { jsonText } from '../../io/http-response.ts';
import type { HttpRoutes } from '../../io/http-router.ts';
import type { DocumentOptions } from './openapi-document.ts';

/**
 * The document of the API, for everybody: it says nothing of any server, and the page that shows it cannot know a token.
 * It is made when it is asked for first, and what makes it is loaded then.
 */
export function createDocumentRoute(options: DocumentOptions): HttpRoutes {
  let document: Promise<string> | null = null;
  const make = async (): Promise<string> => {
    const { createDocument } = await import('./openapi-document.ts');
    return JSON.stringify(createDocument(options));
  };
  return {
    'GET /api/v1/openapi.json': async () => {
      document ??= make();
      return jsonText(await document);
    },
  };
}
