import * as client from '@kubernetes/client-node';

/** A field of a type of the API, as the client library has it from the published OpenAPI. */
interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

const STRING_MAP = '{ [key: string]: string; }';

/**
 * Checks a value against a type of the Kubernetes API by the client library's own models, which are generated from the
 * published OpenAPI: every field must be one of the type, and have its type.
 * @param type `V1EphemeralContainer`, `Array<string>`
 * @returns what is wrong, each with where it is; nothing when all is well
 */
export function checkModel(value: unknown, type: string, where = ''): string[] {
  const elements = /^Array<(.+)>$/.exec(type)?.[1];
  if (elements !== undefined) {
    if (!Array.isArray(value)) return [`${where} is no list`];
    return value.flatMap((element, index) => checkModel(element, elements, `${where}[${index}]`));
  }
  if (type === STRING_MAP) {
    const isMap = typeof value === 'object' && value !== null;
    return isMap && Object.values(value).every((one) => typeof one === 'string')
      ? []
      : [`${where} is no map of strings`];
  }
  if (type === 'string' || type === 'boolean' || type === 'number') {
    return typeof value === type ? [] : [`${where} is no ${type}`];
  }
  const attributes = attributesOf(type);
  if (attributes === null) return [`${where} has the type ${type}, which is not checked here`];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${where} is no object`];
  return Object.entries(value).flatMap(([key, field]) => {
    const attribute = attributes.find(({ baseName }) => baseName === key);
    return attribute ? checkModel(field, attribute.type, `${where}.${key}`) : [`unknown field "${where}.${key}"`];
  });
}

function attributesOf(type: string): readonly Attribute[] | null {
  const model: unknown = new Map<string, unknown>(Object.entries(client)).get(type);
  if (typeof model !== 'function' || !('getAttributeTypeMap' in model)) return null;
  return (model.getAttributeTypeMap as () => readonly Attribute[])();
}
