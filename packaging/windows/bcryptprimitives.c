/* The one function that Go's programs want of bcryptprimitives.dll, for a Wine that does not have it. Tests only. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID bytes, ULONG count); /* RtlGenRandom of advapi32 */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count)
{
    const SIZE_T most = 1 << 28;
    while (count > 0) {
        ULONG part = (ULONG)(count > most ? most : count);
        if (!SystemFunction036(bytes, part))
            return FALSE;
        bytes += part;
        count -= part;
    }
    return TRUE;
}
