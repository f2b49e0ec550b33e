/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "server/image_stack_private.h"

#define NTFS_OPTIONS "no_detach,noatime,nosuid,nodev,noexec"

enum { LOOP_TRIES = 16, LOOP_BLOCK = 512, NAME_ROOM = 32 };

/* A process, what it mounted, or both. */
struct stack_item {
	char *folder;
	struct process *process;
	enum trouble waits; /* not mounted yet; trouble where it does not come to that */
	int hold;           /* open until it has mounted; 0: nothing */
};

struct image_stack {
	struct stack_item *items; /* each stands on those before it */
	size_t count;
	struct process *daemon;
	int talk; /* to the daemon; -1: there is none */
	bool write;
	char **files; /* of the whole disks */
	int *holds;   /* on raw images */
	size_t hold_count;
};

/* The folders' names are the same in every stack. */
static const struct image_stack *current;

/* ---- ending ---- */

static int item_end(const struct stack_item *item, struct error *err)
{
	int ret = item->process ? process_alive(item->process, err) : 0, last;
	int sys = item->folder ? fence_unmount(item->folder) : 0;

	if (sys != 0 && ret == 0)
		ret = error_system(err, TROUBLE_IO, sys, _("%s cannot be unmounted"), item->folder);
	if (!item->process)
		return ret;
	last = process_end(item->process, item->folder ? 0 : SIGTERM, ret == 0 ? err : NULL);
	return ret ? ret : last;
}

static int stack_end(struct image_stack *stack, struct error *err)
{
	int ret = 0;

	while (stack->count > 0) {
		int last = item_end(&stack->items[--stack->count], ret == 0 ? err : NULL);

		ret = ret ? ret : last;
	}
	while (stack->hold_count > 0)
		close(stack->holds[--stack->hold_count]);
	file_shut(stack->talk);
	stack->talk = -1;
	if (current == stack)
		current = NULL;
	return ret;
}

static int stack_free(struct image_stack *stack)
{
	stack_end(stack, NULL);
	return 0;
}

int stack_close(struct image_stack *stack, struct error *err)
{
	int ret = stack_end(stack, err);

	talloc_free(stack);
	return ret;
}

int stack_alive(const struct image_stack *stack, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < stack->count; i++)
		if (stack->items[i].process)
			ret = process_alive(stack->items[i].process, err);
	return ret;
}

/* ---- what stands on what ---- */

static bool stack_has(const struct image_stack *stack, const char *folder)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->items[i].folder && strcmp(stack->items[i].folder, folder) == 0)
			return true;
	return false;
}

static int stack_add(struct image_stack *stack, const char *folder, struct process *process,
	struct error *err)
{
	struct stack_item *item = memory_more(stack, &stack->items, stack->count, sizeof *item);

	if (!item)
		return error_memory(err);
	*item = (struct stack_item){ .process = process,
		.folder = folder ? talloc_strdup(stack, folder) : NULL };
	stack->count++;
	return folder && !item->folder ? error_memory(err) : 0;
}

/* A folder of the work folder, made. */
static int folder_make(TALLOC_CTX *mem, const char *kind, const char *name, char **folder,
	struct error *err)
{
	*folder = talloc_asprintf(mem, "%s/%s%s", fence_work(), kind, name);
	if (!*folder)
		return error_memory(err);
	return mkdir(*folder, 0700) == 0 || errno == EEXIST
		? 0
		: error_system(err, TROUBLE_IO, errno, _("The folder %s cannot be made"), *folder);
}

/* A program that mounts something on a folder; trouble where it does not. Several start side by
 * side: what they mount is there after stack_ready. */
static int stack_start(struct image_stack *stack, const struct process_spec *spec,
	const char *folder, enum trouble trouble, struct error *err)
{
	struct process *process;
	int ret = process_start(stack, spec, &process, err);

	if (ret == 0)
		ret = stack_add(stack, folder, process, err);
	if (ret == 0)
		stack->items[stack->count - 1].waits = trouble;
	return ret;
}

static int item_ready(struct stack_item *item, struct error *err)
{
	int ret = item->waits ? process_mounted(item->process, item->folder, item->waits, err) : 0;

	item->waits = TROUBLE_NONE;
	if (item->hold)
		close(item->hold);
	item->hold = 0;
	if (ret != 0) {
		TALLOC_FREE(item->process);
		(void)fence_unmount(item->folder);
		TALLOC_FREE(item->folder);
	}
	return ret;
}

/* Those that do not get ready are gone. */
static int stack_ready(struct image_stack *stack, int ret, struct error *err)
{
	for (size_t i = 0; i < stack->count; i++) {
		int last = item_ready(&stack->items[i], ret == 0 ? err : NULL);

		ret = ret ? ret : last;
	}
	return ret;
}

/* The bytes of an export as a file. */
static int stack_file(struct image_stack *stack, TALLOC_CTX *mem, const char *disk,
	const char *name, const struct image_part *part, bool write, char **file, struct error *err)
{
	char *folder,
		*uri = talloc_asprintf(mem, "nbd+unix:///%s?socket=%s/nbd", name, fence_work());
	int ret = folder_make(mem, "nbd", name, &folder, err);
	const char *args[] = { "-r", folder, uri, NULL };
	const struct process_spec spec = { .program = PROGRAM_NBDFUSE, .args = args + write };

	*file = ret == 0 ? talloc_asprintf(mem, "%s/nbd", folder) : NULL;
	if (ret == 0 && (!uri || !*file))
		ret = error_memory(err);
	if (ret != 0 || stack_has(stack, folder))
		return ret;
	ret = qemu_export(stack->daemon, stack->talk, disk, name, part ? part->offset : 0,
		part ? part->size : 0, write, err);
	return ret ? ret : stack_start(stack, &spec, folder, TROUBLE_IO, err);
}

/* ---- opening ---- */

static int ewf_start(struct image_stack *stack, const struct stack_disk *disk, size_t number,
	char **file, struct error *err)
{
	char name[NAME_ROOM], *folder;
	const char *args[] = { "-v", disk->file->layers[0].path, NULL, NULL };
	/* It stays in the foreground only if it says everything. */
	const struct process_spec spec = { .program = PROGRAM_EWF, .args = args, .mute = true };
	int ret;

	snprintf(name, sizeof name, "%zu", number + 1);
	ret = folder_make(stack, "ewf", name, &folder, err);
	args[2] = folder;
	*file = ret == 0 ? talloc_asprintf(stack, "%s/ewf1", folder) : NULL;
	if (ret == 0)
		ret = *file ? stack_start(stack, &spec, folder, TROUBLE_IMAGE, err)
			    : error_memory(err);
	return stack_ready(stack, ret, err);
}

static int disk_hold(struct image_stack *stack, const struct image_file *file, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < file->layer_count; i++) {
		int *fd;

		if (file->layers[i].format != IMAGE_RAW)
			continue;
		fd = memory_more(stack, &stack->holds, stack->hold_count, sizeof *fd);
		ret = fd ? qemu_hold(file->layers[i].path, fd, err) : error_memory(err);
		stack->hold_count += ret == 0;
	}
	return ret;
}

static int stack_begin(struct image_stack *stack, const struct stack_disk *disks, size_t count,
	struct error *err)
{
	char **ewf = memory_array_zero(stack, sizeof *ewf, count);
	int ret = fence_begin(err);

	stack->files = memory_array_zero(stack, sizeof *stack->files, count);
	if (!ewf || !stack->files)
		return error_memory(err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		ret = disk_hold(stack, disks[i].file, err);
		if (ret == 0 && disks[i].file->layers[0].format == IMAGE_EWF)
			ret = ewf_start(stack, &disks[i], i, &ewf[i], err);
	}
	if (ret == 0)
		ret = qemu_start(stack, disks, count, (const char *const *)ewf, stack->write,
			&stack->talk, &stack->daemon, err);
	if (ret == 0)
		ret = stack_add(stack, NULL, stack->daemon, err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		char name[NAME_ROOM];

		snprintf(name, sizeof name, "disk%zu", i + 1);
		ret = stack_file(stack, stack, name, name, NULL, false, &stack->files[i], err);
	}
	return stack_ready(stack, ret, err);
}

int stack_open(TALLOC_CTX *mem, const struct stack_disk *disks, size_t count, bool write,
	struct image_stack **stack, struct error *err)
{
	struct image_stack *made;
	int ret;

	if (current)
		return error_set(err, TROUBLE_BUG, _("Another image is open."));
	made = talloc_zero(mem, struct image_stack);
	if (!made)
		return error_memory(err);
	made->talk = -1;
	made->write = write;
	current = made;
	talloc_set_destructor(made, stack_free);
	ret = stack_begin(made, disks, count, err);
	if (ret != 0)
		talloc_free(made);
	else
		*stack = made;
	return ret;
}

const char *stack_disk_file(const struct image_stack *stack, size_t disk)
{
	return stack->files[disk];
}

/* ---- partitions ---- */

/* A loop device on a file, open; it is gone with the last who has it open. -1: there is none. */
static int loop_open(const char *file, bool write, char *device, size_t room)
{
	int mode = (write ? O_RDWR : O_RDONLY) | O_CLOEXEC;
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), back = open(file, mode),
	    fd = -1;
	struct loop_config config = { .fd = (unsigned)back, .block_size = LOOP_BLOCK };

	config.info.lo_flags = LO_FLAGS_AUTOCLEAR | (write ? 0 : LO_FLAGS_READ_ONLY);
	/* Another program may take the free one first. */
	for (int i = 0; control >= 0 && back >= 0 && fd < 0 && i < LOOP_TRIES; i++) {
		snprintf(device, room, "/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
		fd = open(device, mode);
		if (fd >= 0 && ioctl(fd, LOOP_CONFIGURE, &config) != 0) {
			close(fd);
			fd = -1;
		}
	}
	file_shut(control);
	file_shut(back);
	return fd;
}

static int ntfs_mount(struct image_stack *stack, const char *device, const char *folder,
	struct error *err)
{
	const char *args[] = { "-o", stack->write ? NTFS_OPTIONS : NTFS_OPTIONS ",ro", device,
		folder, NULL };
	const struct process_spec spec = { .program = PROGRAM_NTFS, .args = args };

	return stack_start(stack, &spec, folder, TROUBLE_CANNOT, err);
}

/* The kernel may have no vfat: then it is not mounted, and that is no trouble. */
static int fat_mount(struct image_stack *stack, const char *device, const char *folder,
	struct error *err)
{
	unsigned long flags = MS_NOATIME | MS_NOSUID | MS_NODEV | MS_NOEXEC;

	if (mount(device, folder, "vfat", flags | (stack->write ? 0 : MS_RDONLY), "utf8") != 0)
		return 0;
	return stack_add(stack, folder, NULL, err);
}

/* Where a partition is mounted, and its bytes as a file. */
static int part_file(struct image_stack *stack, TALLOC_CTX *mem, const struct image_part *part,
	char **folder, char **file, struct error *err)
{
	char name[NAME_ROOM], disk[NAME_ROOM];
	int ret;

	snprintf(name, sizeof name, "part%u.%u", part->disk, part->number);
	snprintf(disk, sizeof disk, "disk%u", part->disk);
	ret = folder_make(mem, "", name + strlen("part"), folder, err);
	if (ret == 0 && !stack_has(stack, *folder))
		ret = stack_file(stack, mem, disk, name, part, stack->write, file, err);
	return ret;
}

static int part_mount(struct image_stack *stack, const struct image_part *part, const char *folder,
	const char *file, struct error *err)
{
	bool fat = part->kind == PART_FAT;
	char device[NAME_ROOM];
	int loop = -1, ret = 0;

	if (stack_has(stack, folder))
		return 0;
	if (fence_root() && (fat || stack->write))
		loop = loop_open(file, stack->write, device, sizeof device);
	if (!fat || loop >= 0)
		ret = (fat ? fat_mount : ntfs_mount)(stack, loop < 0 ? file : device, folder, err);
	/* An ntfs-3g that is only starting has not opened the device yet. */
	if (loop >= 0 && ret == 0 && !fat)
		stack->items[stack->count - 1].hold = loop;
	else if (loop >= 0)
		close(loop);
	return ret;
}

int stack_mount(struct image_stack *stack, struct image_part *parts, size_t count,
	struct error *err)
{
	char **folders = memory_array_zero(NULL, sizeof *folders, count + 1),
	     **files = memory_array_zero(folders, sizeof *files, count + 1);
	int ret = folders && files ? 0 : error_memory(err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		if (parts[i].kind == PART_NTFS || (parts[i].kind == PART_FAT && fence_root()))
			ret = part_file(stack, folders, &parts[i], &folders[i], &files[i], err);
	ret = stack_ready(stack, ret, err);
	for (size_t i = 0; ret == 0 && i < count; i++)
		if (folders[i])
			ret = part_mount(stack, &parts[i], folders[i], files[i], err);
	ret = stack_ready(stack, ret, err);
	for (size_t i = 0; folders && files && i < count; i++) {
		TALLOC_FREE(parts[i].folder);
		if (folders[i] && stack_has(stack, folders[i]))
			parts[i].folder = talloc_strdup(parts, folders[i]);
	}
	talloc_free(folders);
	return ret;
}
