/* A hello as Docker has one: a constant text, written by one call. */
#include <unistd.h>

static const char text[] = "Hello, World!\n";

int main(void)
{
	write(STDOUT_FILENO, text, sizeof text - 1);
	return 0;
}
